/** Where resources live, as their ARNs say. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** The ARN of a namespace, a workgroup, a usage limit or a snapshot. */
export function arnOf(place: Place, kind: "namespace" | "workgroup" | "usagelimit" | "snapshot", id: string): string {
  return `arn:aws:redshift-serverless:${place.region}:${place.accountId}:${kind}/${id}`;
}

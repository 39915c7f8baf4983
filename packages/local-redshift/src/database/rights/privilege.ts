/** Privileges by what they are on. Source: Database Developer Guide, r_GRANT; ALTER and TRUNCATE are in its newer editions. */
export const privilegesOf = {
  table: ["select", "insert", "update", "delete", "drop", "references", "alter", "truncate"],
  schema: ["create", "usage", "alter", "drop"],
  database: ["create", "temporary", "usage", "alter"],
  function: ["execute"],
  procedure: ["execute"],
  language: ["usage"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a privilege can be on. */
export type GrantableKind = keyof typeof privilegesOf;
export type Privilege = (typeof privilegesOf)[GrantableKind][number];

/** PUBLIC, as a grantee. */
export const publicOid = 0;

/** A privilege on an object that someone was given. */
export interface Grant {
  /** A user, role or group; 0 is PUBLIC. */
  readonly to: number;
  readonly privilege: Privilege;
  /** The user who gave it. */
  readonly by: number;
  /** WITH GRANT OPTION. */
  readonly grantable?: true;
  /** Set for a privilege on one column. */
  readonly column?: string;
}

/** The part of an object that says who may use it. */
export interface Granted {
  readonly owner: string;
  readonly grants?: readonly Grant[];
  /** Ordinary privileges that the owner gave up. */
  readonly ownerLacks?: readonly Privilege[];
}

/** A privilege as it is written, for this kind of object; `undefined` when it has none of that name. */
export function privilegeNamed(name: string, kind: GrantableKind): Privilege | undefined {
  const full = name === "temp" ? "temporary" : name;
  return privilegesOf[kind].find((privilege) => privilege === full);
}

/** The object with a privilege given: one that was given before stays, and becomes grantable if this one is. */
export function withGrant<Object extends Granted>(object: Object, grant: Grant, ownerOid: number | undefined): Object {
  if (grant.to === ownerOid) {
    const ownerLacks = (object.ownerLacks ?? []).filter((privilege) => privilege !== grant.privilege);
    return { ...object, ownerLacks };
  }
  const before = object.grants ?? [];
  const same = before.find((other) => isSame(other, grant));
  if (same === undefined) return { ...object, grants: [...before, grant] };
  if (grant.grantable !== true || same.grantable === true) return object;
  return {
    ...object,
    grants: before.map((other) => (other === same ? { ...other, grantable: true as const } : other)),
  };
}

/** The object without a privilege, of the table and of its columns; or, with `optionOnly`, without the right to pass it on. */
export function withoutGrant<Object extends Granted>(
  object: Object,
  grant: Pick<Grant, "to" | "privilege" | "column">,
  optionOnly: boolean,
  ownerOid: number | undefined,
): Object {
  if (grant.to === ownerOid && !optionOnly)
    return { ...object, ownerLacks: [...new Set([...(object.ownerLacks ?? []), grant.privilege])] };
  const isMeant = (other: Grant) =>
    isSame(other, grant) || (grant.column === undefined && isSame(withoutColumn(other), grant));
  const grants = (object.grants ?? []).flatMap((other) => {
    if (!isMeant(other)) return [other];
    if (!optionOnly) return [];
    const { grantable, ...rest } = other;
    return [grantable === true ? rest : other];
  });
  return { ...object, grants };
}

const isSame = (a: Pick<Grant, "to" | "privilege" | "column">, b: Pick<Grant, "to" | "privilege" | "column">) =>
  a.to === b.to && a.privilege === b.privilege && a.column === b.column;

function withoutColumn({ to, privilege }: Grant): Pick<Grant, "to" | "privilege" | "column"> {
  return { to, privilege };
}

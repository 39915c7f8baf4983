/**
 * The name of a resource within a stack: `urn:pulumi:STACK::PROJECT::PARENT_TYPES$TYPE::NAME`
 * (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns). Children of the stack itself carry no parent type.
 */
export function makeUrn(at: { stack: string; project: string; parent?: string; type: string; name: string }): string {
  const parentType = at.parent ? qualifiedType(at.parent) : "";
  const prefix = parentType && parentType !== "pulumi:pulumi:Stack" ? `${parentType}$` : "";
  return `urn:pulumi:${at.stack}::${at.project}::${prefix}${at.type}::${at.name}`;
}

/** The last part of a URN, which may itself contain `::`. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The type of the resource without its parents. */
export function typeOfUrn(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

/** The package of a type: `aws` for `aws:iam/role:Role`, and for `pulumi:providers:aws` too. */
export function packageOfType(type: string): string {
  const [first = "", , last = ""] = type.split(":");
  return isProviderType(type) ? last : first;
}

/** Whether the type is that of an explicit provider. */
export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

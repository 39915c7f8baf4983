/** A copy of an object without one of its optional members. */
export function without<Value extends object, Key extends keyof Value>(value: Value, key: Key): Omit<Value, Key> {
  const copy: Partial<Value> = { ...value };
  delete copy[key];
  return copy as Omit<Value, Key>;
}

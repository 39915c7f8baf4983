/** Where secrets are kept; what Secrets Manager is to Redshift. */
export interface SecretStore {
  /** Keeps a secret and answers its ARN, which ends in six random letters. Throws when the name is taken. */
  create(name: string, value: string, options?: { description?: string }): Promise<string>;
  /** The secret's text, by name or by ARN; `undefined` when there is none. */
  get(nameOrArn: string): Promise<string | undefined>;
  /** Removes a secret; nothing happens when there is none. */
  remove(nameOrArn: string): Promise<void>;
}

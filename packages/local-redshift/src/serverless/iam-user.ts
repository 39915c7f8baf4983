/** The database user of a caller who names no secret. Each IAM identity has its own; locally there is one identity. */
export const iamUserName = "IAM:local";

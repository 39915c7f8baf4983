/** The one region of the local cloud. */
export const localRegion = "eu-west-1";
/** The one account of the local cloud. */
export const localAccountId = "000000000000";
/** The only access key, and the only secret key, that the local cloud is used with. */
export const localAccessKey = "local";

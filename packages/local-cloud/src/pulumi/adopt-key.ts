/**
 * gRPC metadata that the small engine sets on a Create when an earlier run was cut off in the middle of the same one: what
 * that run left behind is then taken over instead of refused.
 */
export const adoptKey = "millrace-adopt";

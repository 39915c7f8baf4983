export { startLocalCloud } from "./cloud/local-cloud.ts";
export type { LocalCloud, LocalCloudOptions } from "./cloud/local-cloud.ts";
export { claimDirectory, readEngine } from "./cloud/engine-marker.ts";
export type { EngineName } from "./cloud/engine-marker.ts";
export { deployLocal } from "./engine/deploy-local.ts";
export type { DeployOptions, DeployResult } from "./engine/deploy-local.ts";
export { DeployError } from "./engine/deploy-event.ts";
export type { DeployEvent, Operation, StepFailure } from "./engine/deploy-event.ts";
export { localProviderDirectory } from "./local-provider-directory.ts";

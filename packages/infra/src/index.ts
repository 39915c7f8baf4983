export { type SettingKey, settingKeys } from "./setting-keys.ts";
export type { StackOutputs } from "./stack-outputs.ts";

import { fileURLToPath } from "node:url";

/**
 * The folder with the executables `pulumi-resource-aws` and `pulumi-resource-aws-native`, to be put first on PATH for the
 * local stage alone. It holds a marker file `LOCAL_PROVIDERS`.
 */
export const localProviderDirectory: string = fileURLToPath(new URL("../bin/providers", import.meta.url));

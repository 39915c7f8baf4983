import { WireError } from "@millrace/local-wire";

/**
 * Ends a request that only asked whether it would succeed; call it when nothing but the effect is left to do. That success
 * is answered with this error is the model's (`DryRunOperationException`); how much AWS checks before it is not confirmed.
 */
export function endDryRun({ DryRun: isDryRun }: { readonly DryRun?: boolean | null }): void {
  if (isDryRun !== true) return;
  throw new WireError(
    "DryRunOperationException",
    "The request was rejected because the DryRun parameter was specified.",
  );
}

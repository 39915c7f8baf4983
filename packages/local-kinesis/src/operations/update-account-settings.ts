import { describeCommitment, disableCommitment, enableCommitment } from "../account/commitment.ts";
import { defineOperation } from "../operation.ts";

interface Input {
  readonly MinimumThroughputBillingCommitment: { readonly Status: "ENABLED" | "DISABLED" };
}

/** Enables or disables the account's commitment to a minimum of throughput. */
export const updateAccountSettings = defineOperation<Input>({
  name: "UpdateAccountSettings",
  input: {
    MinimumThroughputBillingCommitment: {
      type: "Structure",
      required: true,
      members: { Status: { type: "String", required: true, values: ["ENABLED", "DISABLED"] } },
    },
  },
  async run({ account, now }, input) {
    const change = input.MinimumThroughputBillingCommitment.Status === "ENABLED" ? enableCommitment : disableCommitment;
    await account.setCommitment(change(account.commitment(), now()));
    return { MinimumThroughputBillingCommitment: describeCommitment(account.commitment(), now()) };
  },
});

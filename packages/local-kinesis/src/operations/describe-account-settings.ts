import { describeCommitment } from "../account/commitment.ts";
import { defineOperation } from "../operation.ts";

/** Describes the settings of the account. */
export const describeAccountSettings = defineOperation<object>({
  name: "DescribeAccountSettings",
  input: {},
  run({ account, now }) {
    return { MinimumThroughputBillingCommitment: describeCommitment(account.commitment(), now()) };
  },
});

import type { dynamic } from "@pulumi/pulumi";

/**
 * The provider of the migrations, as its text goes into every stack's state. Each method loads the code of today at
 * call time, so a refresh or a destroy of an old state runs today's code.
 *
 * **Permanent contract**, because old states keep this text: the package `@millrace/migrations/provider` can be
 * required from the program's folder, and it exports `check(olds, news)`, `diff(id, olds, news)`, `create(inputs)`,
 * `read(id, props)`, `update(id, olds, news)` and `delete(id, props)` with the shapes of Pulumi's dynamic providers.
 *
 * Each line is complete by itself on purpose: whatever a method refers to is captured and written into the state with
 * it. No type annotations either: stripping them would leave blanks in the text.
 */
// prettier-ignore
export const migrationsProvider: dynamic.ResourceProvider = {
  check(olds, news) { return process.getBuiltinModule("node:module").createRequire(process.cwd() + "/")("@millrace/migrations/provider").check(olds, news); },
  diff(id, olds, news) { return process.getBuiltinModule("node:module").createRequire(process.cwd() + "/")("@millrace/migrations/provider").diff(id, olds, news); },
  create(inputs) { return process.getBuiltinModule("node:module").createRequire(process.cwd() + "/")("@millrace/migrations/provider").create(inputs); },
  read(id, props) { return process.getBuiltinModule("node:module").createRequire(process.cwd() + "/")("@millrace/migrations/provider").read(id, props); },
  update(id, olds, news) { return process.getBuiltinModule("node:module").createRequire(process.cwd() + "/")("@millrace/migrations/provider").update(id, olds, news); },
  delete(id, props) { return process.getBuiltinModule("node:module").createRequire(process.cwd() + "/")("@millrace/migrations/provider").delete(id, props); },
};

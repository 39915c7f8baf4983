import js from "@eslint/js";
import nx from "@nx/eslint-plugin";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/**
 * Who may know whom. CONTRIBUTING.md explains each tag; a test keeps the two equal.
 * `scope:` says which packages, `type:` which direction.
 */
export const boundaries = [
  { sourceTag: "scope:events", onlyDependOnLibsWithTags: [] },
  { sourceTag: "scope:warehouse", onlyDependOnLibsWithTags: [] },
  { sourceTag: "scope:producer", onlyDependOnLibsWithTags: ["scope:events"] },
  { sourceTag: "scope:migrations", onlyDependOnLibsWithTags: ["scope:events", "scope:warehouse"] },
  { sourceTag: "scope:dashboard", onlyDependOnLibsWithTags: ["scope:events", "scope:warehouse"] },
  { sourceTag: "scope:infra", onlyDependOnLibsWithTags: ["scope:producer", "scope:migrations"] },
  { sourceTag: "scope:local", onlyDependOnLibsWithTags: ["scope:local"] },
  { sourceTag: "scope:cli", onlyDependOnLibsWithTags: ["*"] },
  { sourceTag: "scope:e2e", onlyDependOnLibsWithTags: ["*"] },
  { sourceTag: "type:util", onlyDependOnLibsWithTags: ["type:util"] },
  { sourceTag: "type:feature", onlyDependOnLibsWithTags: ["type:feature", "type:util"] },
  { sourceTag: "type:app", onlyDependOnLibsWithTags: ["type:app", "type:feature", "type:util"] },
  { sourceTag: "type:e2e", onlyDependOnLibsWithTags: ["*"] },
];

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", ".nx/**", ".millrace/**", "**/public/vendor/**"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.mjs", "**/*.js"],
    plugins: { "@nx": nx },
    rules: {
      "@nx/enforce-module-boundaries": ["error", { allow: [], depConstraints: boundaries }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-undef": "off",
    },
  },
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
    },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "(^|/)testing(/|$)", message: "Only tests use what is in testing/." }] },
      ],
    },
  },
  prettier,
);

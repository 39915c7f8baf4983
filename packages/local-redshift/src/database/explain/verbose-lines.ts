import type { OutputColumn } from "../../sql/bound.ts";
import { typeModifier, typeOid } from "../system-views/type-catalog.ts";
import type { PlanNode } from "./plan-node.ts";

/**
 * The tree that EXPLAIN VERBOSE shows before the plan. The form is that of real output in the tests of TobikoData/sqlmesh (parse_plan),
 * whose nodes it agrees with on all fields but `topology`; the words are those that awslabs/mcp (redshift-mcp-server) reads too.
 * Expressions and the columns of inner nodes are not written: they are `<>`, as whatever is empty.
 * `columns` are those of the result, the target list of the first node.
 */
export function verboseLines(plan: PlanNode, columns: readonly OutputColumn[]): readonly string[] {
  let count = 0;
  const lines = (node: PlanNode, parent: number): readonly string[] => {
    count += 1;
    const id = count;
    const kind = kindOf(node);
    const inputs = node.inputs.map((input) => () => lines(input, id));
    const [left, right] = kind === "SUBQUERYSCAN" || kind === "APPEND" ? [] : inputs;
    return [
      `{ ${kind}`,
      `:startup_cost ${node.start.toFixed(2)}`,
      `:total_cost ${node.total.toFixed(2)}`,
      `:plan_rows ${node.rows}`,
      `:node_id ${id}`,
      `:parent_id ${parent}`,
      `:plan_width ${node.width}`,
      ":best_pathkeys <>",
      `:dist_info.dist_strategy ${strategyOf(node, kind)}`,
      ":dist_info.dist_keys <>",
      ":dist_info.seqscan_is_distributed false",
      ":phys_properties <>",
      ":reqd_phys_properties <>",
      ...list(":targetlist", parent === 0 ? columns.map(targetEntry) : []),
      ":non_null_target (b)",
      ":qual <>",
      ...field(":lefttree", left),
      ...field(":righttree", right),
      ":initPlan <>",
      ":extParam (b)",
      ":allParam (b)",
      ":nParamExec 0",
      ...ownFields(node, kind, inputs),
      "}",
    ];
  };
  return indented(lines(plan, 0));
}

/** Kinds of nodes by the words that their titles begin with, the longer first; those of RLS and WorkTable scans are UNCONFIRMED. */
const kinds = [
  ["Hash Intersect", "SETOP"],
  ["HashAggregate", "AGG"],
  ["Seq Scan", "SEQSCAN"],
  ["Subquery Scan", "SUBQUERYSCAN"],
  ["Function Scan", "FUNCTIONSCAN"],
  ["RLS SecureScan", "SUBQUERYSCAN"],
  ["WorkTable Scan", "CTESCAN"],
  ["Values Scan", "RESULT"],
  ["Nested Loop", "NESTLOOP"],
  ["Aggregate", "AGG"],
  ["Append", "APPEND"],
  ["Limit", "LIMIT"],
  ["Merge", "MERGE"],
  ["Network", "NETWORK"],
  ["Result", "RESULT"],
  ["SetOp", "SETOP"],
  ["Sort", "SORT"],
  ["Unique", "UNIQUE"],
  ["Window", "WINDOW"],
] as const;

/** The title without `XN` or `LD`, which say where the step runs. */
const wordsOf = ({ title }: PlanNode) => title.slice(3);

function kindOf(node: PlanNode): string {
  const words = wordsOf(node);
  if (words.startsWith("Hash ") && words.includes("Join ")) return "HASHJOIN";
  return kinds.find(([start]) => words.startsWith(start))?.[1] ?? "HASH";
}

/** How rows come together, of joins; other nodes have the words that the samples have. */
function strategyOf(node: PlanNode, kind: string): string {
  if (kind === "HASHJOIN" || kind === "NESTLOOP") return wordsOf(node).split(" ").at(-1)!;
  return kind === "SEQSCAN" || kind === "RESULT" ? "DS_DIST_NONE" : "DS_DIST_ERR";
}

const joinTypes = ["Left ", "Full ", "Right "];

function ownFields(node: PlanNode, kind: string, inputs: readonly (() => readonly string[])[]): readonly string[] {
  switch (kind) {
    case "HASHJOIN":
    case "NESTLOOP":
      return [`:jointype ${joinTypes.findIndex((word) => node.title.includes(word)) + 1}`];
    case "AGG":
      return [`:aggstrategy ${wordsOf(node).startsWith("Hash") ? 2 : 0}`];
    case "NETWORK":
      return [`:dataMovement ${node.details[0] ?? "Distribute"}`];
    case "RESULT":
      return [":resconstantqual <>", ":values_lists <>"];
    case "SUBQUERYSCAN":
      return field(":subplan", inputs[0]);
    case "APPEND":
      return [
        ...list(
          ":appendplans",
          inputs.map((input) => input()),
        ),
        ":isTarget false",
        ":streamable false",
      ];
  }
  return [];
}

/** A column of the result; its expression is not written. */
function targetEntry({ name, type }: OutputColumn, index: number): readonly string[] {
  return [
    "{ TARGETENTRY",
    ":resdom",
    ...indented([
      "{ RESDOM",
      `:resno ${index + 1}`,
      `:restype ${typeOid(type)}`,
      `:restypmod ${typeModifier(type)}`,
      `:resname ${name}`,
      ":ressortgroupref 0",
      ":resorigtbl 0",
      ":resorigcol 0",
      ":resjunk false",
      "}",
    ]),
    ":expr <>",
    "}",
  ];
}

function field(name: string, value: (() => readonly string[]) | undefined): readonly string[] {
  return value === undefined ? [`${name} <>`] : [name, ...indented(value())];
}

function list(name: string, items: readonly (readonly string[])[]): readonly string[] {
  return items.length === 0 ? [`${name} <>`] : [`${name} (`, ...indented(items.flat()), ")"];
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

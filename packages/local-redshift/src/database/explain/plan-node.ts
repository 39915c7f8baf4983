/** A step of a plan. Costs have no unit: the first is that of the first row, the second that of all. */
export interface PlanNode {
  /** As the plan has it: `XN Seq Scan on event`. */
  readonly title: string;
  readonly start: number;
  readonly total: number;
  readonly rows: number;
  /** Bytes of a row. */
  readonly width: number;
  /** Lines below the title: `Filter: (a > 1)`. */
  readonly details: readonly string[];
  readonly inputs: readonly PlanNode[];
}

/** The lines of a plan. Source of the form: Database Developer Guide, c-the-query-plan. */
export function planLines(plan: PlanNode, indent = ""): readonly string[] {
  const { title, start, total, rows, width, details, inputs } = plan;
  const figures = `(cost=${start.toFixed(2)}..${total.toFixed(2)} rows=${rows} width=${width})`;
  return [
    `${title}  ${figures}`,
    ...details.map((detail) => `${indent}  ${detail}`),
    ...inputs.flatMap((input) => {
      const [first, ...rest] = planLines(input, `${indent}      `);
      return [`${indent}  ->  ${first}`, ...rest];
    }),
  ];
}

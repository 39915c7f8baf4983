import { quoteIdentifier } from "../placeholders.ts";

/** The objects of a pipeline that a rebuild knows, all of one schema. */
export interface RebuildTarget {
  readonly schema: string;
  /** The view that everybody reads, over the streaming view and what was archived of earlier ones: `records`. */
  readonly reader: string;
  /** The name of the first streaming view: `stream_records`. The n-th has `_n` behind it. */
  readonly streamingView: string;
}

/** A name of the target's schema as SQL has it. */
export const qualified = ({ schema }: RebuildTarget, name: string) =>
  `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;

/** Where rows go that only an old streaming view has. */
export const archiveOf = ({ streamingView }: RebuildTarget) => `${streamingView}_archive`;

/** The name of the n-th streaming view, from 1. */
export const viewName = ({ streamingView }: RebuildTarget, number: number) =>
  number === 1 ? streamingView : `${streamingView}_${number}`;

/** How long and how hard a load is. */
export interface Load {
  readonly callsUnderWay: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** What a load moved after its warm-up. */
export interface Moved {
  readonly records: number;
  readonly seconds: number;
}

/** Keeps calls under way for a while. `onMeasure` is called when the warm-up is over; the calls of that time have all ended by then. */
export async function measureLoad(
  { callsUnderWay, warmUpMs, measureMs }: Load,
  call: (worker: number) => Promise<number>,
  onMeasure: () => void,
): Promise<Moved> {
  await run(callsUnderWay, warmUpMs, call);
  onMeasure();
  return run(callsUnderWay, measureMs, call);
}

async function run(callsUnderWay: number, forMs: number, call: (worker: number) => Promise<number>): Promise<Moved> {
  const startedAt = performance.now();
  let records = 0;
  const work = async (worker: number): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      // Not `records += await …`, which would forget what others added meanwhile.
      const moved = await call(worker);
      records += moved;
    }
  };
  await Promise.all(Array.from({ length: callsUnderWay }, (_, worker) => work(worker)));
  return { records, seconds: (performance.now() - startedAt) / 1000 };
}

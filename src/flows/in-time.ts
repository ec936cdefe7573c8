/** What work comes to, or `late` where it takes longer than so many milliseconds; it goes on then. Rejects as the work does. */
export async function inTime<T, L>(work: Promise<T>, milliseconds: number, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<L>((resolve) => {
    timer = setTimeout(resolve, milliseconds, late);
  });
  return Promise.race([work, ended]).finally(() => clearTimeout(timer));
}

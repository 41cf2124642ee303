export interface StationTime {
  station: string
  milliseconds: number
}

/** Runs a station's work and notes how long it took, whether it succeeded or not. */
export type Timed = <T>(station: string, work: () => Promise<T>) => Promise<T>

/** What a run's time went to, in the order in which it happened. */
export function stopwatch(): { times: StationTime[]; timed: Timed } {
  const times: StationTime[] = []
  return {
    times,
    async timed(station, work) {
      const start = performance.now()
      try {
        return await work()
      } finally {
        times.push({ station, milliseconds: performance.now() - start })
      }
    },
  }
}

/** Values of flags that may be given several times. */

/** Each value as it was given. */
export const collect = (value: string, previous: string[] = []): string[] => [...previous, value]

/** Each value a comma-separated list. */
export const commaList = (value: string, previous: string[] = []): string[] => [
  ...previous,
  ...value.split(','),
]

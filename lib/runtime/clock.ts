/** The time that handlers act by: the system's, unless the local twin puts its adjustable clock here. */
export const clock: { now: () => Date } = { now: () => new Date() }

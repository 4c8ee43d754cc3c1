/** What is wrong with a policy, and where. */
export type Fault = { path: (string | number)[]; message: string }
export const fault = (message: string, ...path: Fault['path']): Fault => ({ message, path })

/** Faults of a part as those of the whole. */
export const under = (path: Fault['path'], faults: Fault[]) => faults.map((each) => fault(each.message, ...path, ...each.path))

type Version = { version: number; effectiveFrom?: string | undefined }

/** Each day has one version: the first holds from the beginning, each further one from a later day on. */
export const faultsOfOrder = (versions: Version[]): Fault[] =>
  versions.flatMap(({ version, effectiveFrom }, at) => {
    const before = versions[at - 1]
    if (!before)
      return effectiveFrom ? [fault('the first version holds from the beginning: leave it out', at, 'effectiveFrom')] : []
    return [
      ...(version <= before.version ? [fault(`must be above ${before.version}, the one before it`, at, 'version')] : []),
      ...(effectiveFrom && effectiveFrom > (before.effectiveFrom ?? '')
        ? []
        : [fault('must be a day after that of the version before it, or the two overlap', at, 'effectiveFrom')]),
    ]
  })

/** The version of a policy that is in effect on a day. */
export const versionOn = <V extends Version>({ versions }: { versions: V[] }, day: string): V => {
  const inEffect = versions.findLast(({ effectiveFrom = '' }) => effectiveFrom <= day)
  if (!inEffect) throw new RangeError('a policy has a version that holds from the beginning')
  return inEffect
}

/** Where things stand in the state dir: the one place that knows. */
export const PATHS = {
  files: (stateDir: string) => `${stateDir}/files`,
  journal: (stateDir: string) => `${stateDir}/journal`,
  ledger: (folder: string) => `${folder}/lineage.json`,
  waits: (folder: string) => `${folder}/waits.json`,
  pings: (folder: string) => `${folder}/pings.json`,
  running: (folder: string) => `${folder}/running.json`,
  history: (folder: string) => `${folder}/history`,
  keeperLock: (folder: string) => `${folder}/keeper.lock`,
  eraseLock: (folder: string) => `${folder}/erase.lock`,
  fileStatus: (folder: string) => `${folder}/status.json`,
  status: (stateDir: string) => `${stateDir}/status.json`,
} as const;

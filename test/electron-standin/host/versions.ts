/** Versions as Electron 45 would tell them. */
export const versions: NodeJS.ProcessVersions = { ...process.versions, electron: '45.4.1', chrome: '156.0.8078.79' };

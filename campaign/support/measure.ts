/** A piece (`node --require`) that has a command tell the most memory that it took, in KiB, in the file `peak` of its TMPDIR. */
export const MEASURE = `process.on("exit", () =>
  require("fs").writeFileSync(process.env.TMPDIR + "/peak", String(process.resourceUsage().maxRSS)));
`;

import { modelRuns } from "./model-runs.ts";

modelRuns(2);

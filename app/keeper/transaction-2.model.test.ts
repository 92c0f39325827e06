import { modelRuns } from "./testing/model-runs.ts";

modelRuns(1);

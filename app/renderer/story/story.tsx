// oxlint-disable-next-line import/no-unassigned-import -- the bundler puts it beside the page
import "./story.css";
import { useMemo } from "preact/hooks";
import type { Login } from "../../shared/login/snapshot.ts";
import { coverageOf, isBlank } from "../../shared/view/coverage.ts";
import { visible } from "../../shared/words/visible.ts";
import { STORY } from "../../shared/words/window/story.ts";
import type { Page } from "../page.ts";
import { History } from "./history.tsx";
import { Strip } from "./strip.tsx";
import { useStory } from "./use-story.ts";

const MINUTE = 60_000;

interface StoryProps {
  /** For ids on the page. */
  readonly at: string;
  readonly login: Login;
  /** For people. */
  readonly name: string;
  readonly page: Page;
}

/** The last day of a login on a strip, and its history. */
export function LoginStory({ at, login, name, page }: StoryProps) {
  const story = useStory(login, page);
  const { accessExpiresAt, nextRefreshAt } = login;
  // A pixel is some minutes, so that a minute is fine enough.
  const minute = Math.floor(page.now / MINUTE) * MINUTE;
  const now = Math.max(minute, newestOf(story));
  const coverage = useMemo(
    () => (story === null || "sentence" in story ? null : coverageOf(story, { accessExpiresAt, nextRefreshAt }, now)),
    [story, accessExpiresAt, nextRefreshAt, now],
  );
  if (story === null) return <p class="story quiet">{STORY.loading}</p>;
  if ("sentence" in story) return <p class="story">{visible(story.sentence)}</p>;
  return (
    <div class="story">
      {coverage !== null && !isBlank(coverage) && <Strip at={at} about={name} coverage={coverage} />}
      <History story={story} id={login.id} about={name} now={page.now} />
    </div>
  );
}

/** What happened in this very minute is on the strip at once. */
function newestOf(story: ReturnType<typeof useStory>): number {
  if (story === null || "sentence" in story) return 0;
  const newest = story.marks.at(-1)?.at ?? 0;
  return newest <= Date.now() ? newest : 0;
}

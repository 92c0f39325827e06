import { useEffect, useState } from "preact/hooks";
import type { Login } from "../../shared/login/snapshot.ts";
import type { Story } from "../../shared/view/story.ts";
import type { Page } from "../page.ts";

/**
 * @returns what became of the login: asked when its row opens, and again when it changed or the window is looked at anew; null
 * until it is there.
 */
export function useStory(login: Login, { ask, view }: Page): Story | null | { readonly sentence: string } {
  const [story, setStory] = useState<Story | null | { readonly sentence: string }>(null);
  const { id } = login;
  const looked = useLooks();
  const seen = JSON.stringify([login, view.snapshot?.keeper, looked]);
  useEffect(() => {
    let isAsked = true;
    void ask((bridge) => bridge.loginStory(id)).then((got) => {
      if (!isAsked) return;
      if (got.ok) setStory(got.value);
      else setStory((before) => before ?? { sentence: got.sentence });
    });
    return () => {
      isAsked = false;
    };
  }, [ask, id, seen]);
  return story;
}

/** @returns how often the window was turned to: a night asleep changes nothing else that is seen here. */
function useLooks(): number {
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    const look = () => setLooks((before) => before + 1);
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, []);
  return looks;
}

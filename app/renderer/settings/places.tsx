import { ALL } from "../../shared/data/all.ts";
import { ACTS_OF, PLACES, pathOf } from "../../shared/view/places.ts";
import { copiedSentence } from "../../shared/words/card.ts";
import { visible } from "../../shared/words/visible.ts";
import { PLACE_ACT_NAMES, PLACE_NAMES, placeText } from "../../shared/words/window/settings.ts";
import type { Page } from "../page.ts";
import { Button } from "../parts.tsx";

interface PlacesProps {
  readonly page: Page;
}

/** Where everything is, and the way there. */
export function Places({ page: { view, act } }: PlacesProps) {
  return (
    <ul class="places">
      {PLACES.map((place) => {
        const path = pathOf(place, view);
        return (
          <li class="row" key={place}>
            <p>
              {PLACE_NAMES[place]} <code>{visible(placeText(path))}</code>
            </p>
            {path !== null && (
              <div class="buttons">
                {ACTS_OF[place].map((how) => (
                  <Button
                    key={how}
                    text={PLACE_ACT_NAMES[how]}
                    about={PLACE_NAMES[place]}
                    onPress={() =>
                      act(
                        ALL,
                        (bridge) => bridge.usePlace(place, how),
                        how === "copy" ? copiedSentence(path) : undefined,
                      )
                    }
                  />
                ))}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

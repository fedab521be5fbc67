// Countries in the reader's language, as the browser knows them; English stays where it does not.

const language = document.documentElement.lang;

function translate() {
  const select = document.querySelector("[data-regions]");
  if (!select || language.startsWith("en") || !Intl.DisplayNames) return;
  const names = new Intl.DisplayNames([language], { type: "region" });
  const [none, ...countries] = select.options;
  for (const option of countries) option.textContent = names.of(option.value);
  const sorted = countries.toSorted((one, other) => one.textContent.localeCompare(other.textContent, language));
  const chosen = select.value;
  select.replaceChildren(none, ...sorted);
  select.value = chosen;
}

translate();
document.addEventListener("htmx:afterSwap", translate);

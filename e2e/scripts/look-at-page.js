// Looks at a page for what `e2e/access.py` asks by name, among the controls that it means.
async ([name, controls]) => {
  const scope = document.querySelector("dialog:modal") ?? document.body;
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) &&
    !element.closest(".words");
  const seen = () => [...scope.querySelectorAll(controls)].filter(isSeen);
  const usable = () => seen().filter((element) => !element.disabled);

  /** The pieces of text that are seen, with the rectangles that they stand in. */
  function* texts() {
    const range = document.createRange();
    const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement: element } = walker.currentNode;
      if (!data.trim() || !isSeen(element)) continue;
      if (element.closest(".toast bdi")) continue; // it just recalls a text
      range.selectNodeContents(walker.currentNode);
      yield { data, element, rects: [...range.getClientRects()] };
    }
  }

  /** What does not stand in the box that it belongs to: all sideways. */
  function cut() {
    const { clientWidth: width, scrollWidth } = document.scrollingElement;
    const found = scrollWidth > width ? [`the page: ${scrollWidth} of ${width}`] : [];
    const isIn = (inner, { left, right }) => inner.left >= left - 1 && inner.right <= right + 1;
    for (const { data, element, rects } of texts()) {
      const box = element.closest("button, .card, .todoapp, .toast, body").getBoundingClientRect();
      if (!rects.every((rect) => isIn(rect, box))) found.push(data);
    }
    for (const element of usable())
      if (!isIn(element.getBoundingClientRect(), { left: 0, right: width }))
        found.push(element.outerHTML);
    for (const field of scope.querySelectorAll("input[placeholder]")) {
      const { value, placeholder } = field;
      field.value ||= placeholder;
      if (!value && field.scrollWidth > field.clientWidth) found.push(placeholder);
      field.value = value;
    }
    return found;
  }

  /** What lies on something else; the line at the bottom does, and the page scrolls under it. */
  function overlapping() {
    const boxes = seen().map((element) => ({ element, rect: element.getBoundingClientRect() }));
    for (const { element, rects } of texts())
      if (!element.closest(controls)) boxes.push(...rects.map((rect) => ({ element, rect })));
    const places = boxes.map((box) => ({ ...box, isAtBottom: !!box.element.closest(".sync") }));
    const meet = (a, b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
    const found = [];
    for (const [at, one] of places.entries())
      for (const other of places.slice(at + 1))
        if (
          meet(one.rect, other.rect) &&
          one.isAtBottom === other.isAtBottom &&
          !one.element.contains(other.element) &&
          !other.element.contains(one.element)
        )
          found.push(`${one.element.outerHTML} and ${other.element.outerHTML}`);
    return found;
  }

  /** What a finger misses: but for links within a sentence, whose line is as high as its text. */
  function small() {
    const isInSentence = (link) =>
      getComputedStyle(link).display === "inline" &&
      [...link.parentElement.childNodes].some(
        ({ nodeType, data }) => nodeType === 3 && data.trim(),
      );
    return usable()
      .filter((element) => !(element.matches("a") && isInSentence(element)))
      .map((element) => ({ html: element.outerHTML, rect: element.getBoundingClientRect() }))
      .filter(({ rect }) => Math.min(rect.width, rect.height) < 23.99)
      .map(({ html, rect }) => `${rect.width} x ${rect.height}: ${html}`);
  }

  /** Give the first control the focus, and say how many there are to go through by Tab. */
  function begin() {
    window.controls_ = usable().filter(({ tabIndex }) => tabIndex >= 0);
    window.controls_[0].focus();
    return window.controls_.length;
  }

  /** Which control has the focus, and how well that is seen. */
  async function focused() {
    // Firefox scrolls to what has got the focus over some frames, from the next one on.
    for (let [still, top] = [0, scrollY]; still < 2; top = scrollY) {
      await new Promise(requestAnimationFrame);
      still = scrollY === top ? still + 1 : 0;
    }
    const element = document.activeElement;
    const { left, top, width, height } = element.getBoundingClientRect();
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    return {
      at: window.controls_?.indexOf(element),
      outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
      distinct: contrast(outlineColor, groundBehind(element)) >= 3,
      uncovered: element.contains(document.elementFromPoint(left + width / 2, top + height / 2)),
    };
  }

  /** The colour that an outline around an element stands on. */
  function groundBehind(element) {
    for (let each = element.parentElement; each; each = each.parentElement) {
      const { backgroundColor } = getComputedStyle(each);
      if (channels(backgroundColor)[3]) return backgroundColor;
    }
    return getComputedStyle(document.body).backgroundColor;
  }

  /** As WCAG reckons it. */
  function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(colour) {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = channels(colour).map((value) => linear(value / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function channels(colour) {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }

  /** Set the text as wide as a reader may want it, or as it was (1.4.12). */
  function spaceOut() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
      line-height: 1.5 !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = document.adoptedStyleSheets.length ? [] : [sheet];
  }

  /** What moves, or would. */
  function moving() {
    const isMoving = (element) => {
      const { animationName, scrollBehavior, transitionDuration } = getComputedStyle(element);
      return animationName !== "none" || scrollBehavior !== "auto" || transitionDuration !== "0s";
    };
    return [...document.querySelectorAll("*")].filter(isMoving).map(({ outerHTML }) => outerHTML);
  }

  /** Fields that do not say what they are for to a password manager, or to who else helps. */
  function purposeless() {
    const purposes = {
      "[type=password]": ["current-password", "new-password"],
      "[name=username]": ["username"],
      "[type=email]": ["email"],
    };
    const isWithout = (field) =>
      Object.entries(purposes).some(
        ([kind, names]) => field.matches(kind) && !names.includes(field.autocomplete),
      );
    return [...scope.querySelectorAll("input")].filter(isWithout).map(({ outerHTML }) => outerHTML);
  }

  const looks = { begin, cut, focused, moving, overlapping, purposeless, small, spaceOut };
  return looks[name]();
};

/* What becomes of text that a script hands to the page. htmx reads its answers and Leaflet draws its
   buttons from markup, which cannot run anything under our policy of content; so markup passes.
   Nothing is here for code and for addresses of code: the browser refuses both, but for the file that
   map.js asks for by a policy of its own. */

window.trustedTypes?.createPolicy("default", { createHTML: (markup) => markup });

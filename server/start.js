"use strict";
// Cayley's page opens with the query that it ran last, which it keeps under
// these names. It writes all of them when the one of GraphQL is not there.
document.addEventListener("click", function (event) {
  const button = event.target.closest("button[data-query]");
  if (!button) {
    return;
  }
  if (localStorage.getItem("cayleySavedQueriesgraphql") === null) {
    localStorage.setItem("cayleySavedQueriesgraphql", "{\n  nodes(first: 10){\n    id\n  }\n}");
    localStorage.setItem("cayleySavedQueriesmql", "[{\n  \"id\": \"Hello World\"\n}]");
  }
  localStorage.setItem("cayleySavedQueriesgizmo", button.dataset.query);
  localStorage.setItem("cayleyQueryLang", "gizmo");
  location.assign(button.dataset.page);
});

// Shows claims whose every field is a script on all pages, and prints what came
// of it as JSON. Run by TestBrowserHostile:
//
//   node hostile.js URL FOLDER-FOR-SCREENSHOTS CHROMIUM
"use strict";
const { open, start } = require("./page.js");

start(async () => {
  const { base, page, step, run, close } = await open();
  // A script of a claim would leave a mark, wherever it stands.
  const marks = () => page.evaluate(() => ({
    marked: typeof window.kgMark !== "undefined",
    markup: document.querySelectorAll("img[src=x], kgmark").length,
  }));

  await step("hostile-start", async () => {
    await page.goto(base + "/kg/");
    await page.waitForTimeout(500);
    return { ...(await marks()), output: await page.locator("body").innerText() };
  });
  await step("hostile-query", async () => {
    const status = await run("/", "g.V().All()");
    await page.waitForFunction(() => output_editor.getValue().length > 0);
    return { status, ...(await marks()), output: await page.evaluate(() => output_editor.getValue()) };
  });
  await step("hostile-shape", async () => {
    const status = await run("/ui/query_shape", 'g.V("<script>kgMark=1</script>").Out().All()');
    await page.waitForSelector("#viz svg circle");
    await page.waitForTimeout(1500);
    return { status, ...(await marks()) };
  });
  await step("hostile-visualize", async () => {
    const status = await run("/ui/visualize", 'g.V().Tag("source").Out().Tag("target").All()');
    await page.waitForSelector("#visualize canvas");
    await page.waitForTimeout(3000);
    return { status, ...(await marks()), nodes: await page.evaluate(() => sigmaGraph.graph.nodes().length) };
  });
  for (const [name, path] of [
    ["svg", "/api/kg/v1/export?format=svg&all-ties=true"],
    ["claims", "/api/kg/v1/claims"],
    ["quads", "/api/v2/read?format=nquads"],
    ["gephi", "/gephi/gs"],
  ]) {
    await step("hostile-" + name, async () => {
      await page.goto(base + path).catch((e) => {
        if (!String(e).includes("Download is starting") && !String(e).includes("ERR_ABORTED")) {
          throw e;
        }
      });
      await page.waitForTimeout(300);
      return await marks();
    });
  }
  await close();
});

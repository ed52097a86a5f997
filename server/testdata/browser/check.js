// Walks through Cayley's page and the start page in Chromium and prints what
// it saw as JSON. Run by TestBrowser:
//
//   node check.js URL FOLDER-FOR-SCREENSHOTS CHROMIUM
"use strict";
const { open, start } = require("./page.js");

start(async () => {
  const { base, page, step, run, close } = await open();
  await step("start", async () => {
    await page.goto(base + "/kg/");
    return {
      title: await page.title(),
      queries: await page.locator("button[data-query]").count(),
      relations: await page.locator("table").nth(1).locator("tbody tr").count(),
    };
  });
  await step("query", async () => {
    const status = await run("/", 'g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().All()');
    await page.waitForFunction(() => output_editor.getValue().length > 0);
    return { status, output: await page.evaluate(() => output_editor.getValue()) };
  });
  await step("error", async () => {
    const status = await run("/", "g.V(");
    await page.waitForFunction(() => output_editor.getValue().includes("error"));
    return { status, output: await page.evaluate(() => output_editor.getValue()) };
  });
  await step("crash", async () => {
    const status = await run("/", 'g.V().except(g.V("<nobody>")).all()');
    await page.waitForFunction(() => output_editor.getValue().includes("error"));
    return { status, output: await page.evaluate(() => output_editor.getValue()) };
  });
  await step("shape", async () => {
    const status = await run("/ui/query_shape", 'g.V("<kg:Turkey>").Out("<kg:supplies>").In("<kg:supplies>").All()');
    await page.waitForSelector("#viz svg circle");
    await page.waitForTimeout(1500);
    return { status, circles: await page.locator("#viz svg circle").count() };
  });
  await step("visualize", async () => {
    const status = await run("/ui/visualize", 'g.V().Tag("source").Out("<kg:supplies>").Tag("target").All()');
    await page.waitForSelector("#visualize canvas");
    await page.waitForTimeout(3000);
    return { status, nodes: await page.evaluate(() => sigmaGraph.graph.nodes().length), edges: await page.evaluate(() => sigmaGraph.graph.edges().length) };
  });
  await step("opened", async () => {
    await page.evaluate(() => localStorage.clear());
    await page.goto(base + "/kg/");
    const button = page.locator('button[data-page="/ui/visualize"]').first();
    const query = await button.getAttribute("data-query");
    await button.click();
    await page.waitForURL(base + "/ui/visualize");
    await page.waitForSelector(".CodeMirror");
    const text = await page.evaluate(() => editor.getValue());
    const answer = page.waitForResponse((r) => r.url().includes("/api/v1/"));
    await page.waitForSelector("#logo svg");
    await page.click("#run_button");
    const status = (await answer).status();
    await page.waitForSelector("#visualize canvas");
    await page.waitForTimeout(2000);
    return { same: text === query, status, nodes: await page.evaluate(() => sigmaGraph.graph.nodes().length) };
  });
  await step("docs", async () => {
    await page.goto(base + "/docs/gizmoapi");
    return { title: await page.title() };
  });
  await close();
});

// A page of Chromium that notes what goes wrong on it.
"use strict";
const path = require("path");
const { chromium } = require("playwright-core");

// open starts the browser as the arguments say, which are URL, a folder for
// screenshots and CHROMIUM.
exports.open = async () => {
  const [base, shots, executablePath] = process.argv.slice(2);
  const seen = { steps: {}, console: [], foreign: [], failed: [] };
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--enable-unsafe-swiftshader", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") {
      seen.console.push(m.type() + ": " + m.text() + " @ " + m.location().url);
    }
  });
  page.on("pageerror", (e) => seen.console.push("exception: " + e.message));
  page.on("dialog", (d) => {
    seen.console.push("dialog: " + d.message());
    d.dismiss();
  });
  // A request that the policy stops never leaves; one that does has an answer
  // or a failure of the network.
  page.on("response", (r) => {
    if (!r.url().startsWith(base + "/") && !r.url().startsWith("data:") && !r.url().startsWith("blob:")) {
      seen.foreign.push(r.url());
    }
    if (r.status() >= 400) {
      seen.failed.push(r.status() + " " + r.url());
    }
  });
  page.on("requestfailed", (r) => {
    const why = r.failure().errorText;
    if (!r.url().startsWith(base + "/") && why !== "csp") {
      seen.foreign.push(why + " " + r.url());
    }
  });
  const shot = (name) => page.screenshot({ path: path.join(shots, name + ".png") });
  const step = async (name, fn) => {
    try {
      seen.steps[name] = await fn();
    } catch (e) {
      seen.steps[name] = { error: String(e) };
    }
    await shot(name);
  };
  const run = async (url, query) => {
    await page.goto(base + url);
    await page.waitForSelector(".CodeMirror");
    await page.waitForSelector("#logo svg");
    await page.evaluate((q) => editor.setValue(q), query);
    const answer = page.waitForResponse((r) => r.url().includes("/api/v1/"));
    await page.click("#run_button");
    return (await answer).status();
  };
  const close = async () => {
    await browser.close();
    console.log(JSON.stringify(seen));
  };
  return { base, page, step, run, close };
};

// start runs a walk, and ends with its error.
exports.start = (walk) =>
  walk().catch((e) => {
    console.error(e);
    process.exit(1);
  });

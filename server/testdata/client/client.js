// Asks a server with npm's cayley client and prints the answers as JSON. Run
// by TestClients:
//
//   node client.js URL LANGUAGE
"use strict";
const cayley = require("cayley");

const [url, language] = process.argv.slice(2);
const client = cayley(url + "/");
if (language !== "gremlin") {
  // The language has another name now, and takes its text as it is.
  const post = client.request.post;
  client.request.post = (options, done) => {
    if (typeof options.body !== "string") {
      return post(options, done);
    }
    const uri = options.uri.replace(/gremlin$/, language);
    return post({ uri, body: options.body }, (err, res, body) => done(err, res, err ? body : JSON.parse(body)));
  };
}
const g = client.g;
const asks = {
  all: (done) => g.V("<kg:Turkey>").Out("<kg:supplies>").All(done),
  limit: (done) => g.V("<kg:Turkey>").Out("<kg:supplies>").GetLimit(2, done),
  tags: (done) => g.V("<kg:Turkey>").Tag("from").Out("<kg:supplies>").All(done),
  morphism: (done) => g.V("<kg:Turkey>").Follow(g.Morphism().Out("<kg:supplies>")).All(done),
  shape: (done) => g.type("shape").V("<kg:Turkey>").Out("<kg:supplies>").All(done),
  write: (done) => client.write([{ subject: "a", predicate: "b", object: "c" }], done),
  delete: (done) => client.delete([{ subject: "a", predicate: "b", object: "c" }], done),
};

const answers = {};
let left = Object.keys(asks).length;
for (const [name, ask] of Object.entries(asks)) {
  ask((err, result) => {
    answers[name] = err ? { error: String(err.message || err) } : result;
    if (--left === 0) {
      console.log(JSON.stringify(answers));
    }
  });
}

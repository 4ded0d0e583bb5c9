const { createAskwell, matches, pipe } = require("@askwell/sdk");
const { start } = require("@askwell/widget");

const askwell = createAskwell({ host: "http://collector.example", site: "commonjs", load: start });
askwell.track("rendered");
askwell.destroy();
console.log(typeof matches, typeof pipe);

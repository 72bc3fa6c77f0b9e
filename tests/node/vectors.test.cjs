// The same against what `require` gets, which is a file of its own.
const lib = require("countersign");

import("./vectors.mjs").then(({ describeVectors }) => describeVectors(lib, "require"));

'use strict';
// Type stripping keeps every line and column, so stack traces and V8 coverage are exact without source maps.
const { stripTypeScriptTypes } = require('node:module');

module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};

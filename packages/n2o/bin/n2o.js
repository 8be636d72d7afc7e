#!/usr/bin/env node
// Here before anything is built, so that the package manager can link it.
import '../dist/bin.js';

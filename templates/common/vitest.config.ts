import { hermetic } from "hermetic/vitest";
import { defineConfig } from "vitest/config";

// Lets tests import contracts/NAME.ts as "contract:NAME", built and typed.
export default defineConfig({ plugins: [hermetic()] });

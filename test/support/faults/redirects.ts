/**
 * Servers that send the contract elsewhere. No redirect is followed: the contract is handed it.
 *
 * @module
 */
import type { FaultKind } from "#test/support/faults/kind.ts";

function redirect(name: string, does: string, status: number, location: string): FaultKind {
  const gives = status;
  return {
    name,
    does,
    gives,
    serve: {
      http: (request, response) => {
        request.resume();
        response.writeHead(status, { location }).end();
      },
    },
  };
}

export const redirects: readonly FaultKind[] = [
  redirect("redirect-loop", "redirects to itself", 302, "/redirect-loop"),
  redirect("redirect-to-http", "redirects to plain HTTP", 301, "http://127.0.0.1/"),
  redirect("redirect-to-file", "redirects to a file", 303, "file:///etc/passwd"),
  redirect(
    "redirect-to-private",
    "redirects to the machine's own metadata service",
    307,
    "https://169.254.169.254/latest/",
  ),
  redirect("redirect-elsewhere", "redirects to another origin", 308, "https://other.example/"),
];

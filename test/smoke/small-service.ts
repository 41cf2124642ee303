/** A service without Node, in a few kilobytes: it answers HTTP at the port that it is told, and ends when it is asked to. */
import { parsePlatform } from '../../src/oci/index.ts'
import { copyImage, openStores, openWriter } from '../../src/store/index.ts'
import { compile, type Machine } from '../verify/compile.ts'
import { type Files, testImage } from '../verify/image.ts'

const { signal } = new AbortController()

const answering = `
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
static void end(int number) { _exit(0); }
int main(int count, char **words) {
  signal(SIGTERM, end);
  signal(SIGPIPE, SIG_IGN);
  int server = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(words[1])) };
  if (bind(server, (struct sockaddr *)&address, sizeof address)) return 1;
  listen(server, 10);
  for (;;) {
    char request[4096], answer[] = "HTTP/1.0 200 OK\\r\\nConnection: close\\r\\n\\r\\nok";
    int client = accept(server, 0, 0);
    if (read(client, request, sizeof request) > 0 && write(client, answer, sizeof answer - 1) > 0) shutdown(client, SHUT_WR);
    while (read(client, request, sizeof request) > 0);
    close(client);
  }
}`

export interface SmallService {
  /** where it is written: the folder of an OCI layout */
  path: string
  port: number
  platforms?: readonly string[]
  /** besides the program */
  files?: Files
  /** another program in its place, in C */
  source?: string
}

/** Once for each machine and source: some tests write many images. */
const compiled = new Map<string, Buffer>()

function programOf(machine: Machine, source: string): Buffer {
  const key = `${machine} ${source}`
  const program = compiled.get(key) ?? compile(machine, source, ['-static'])
  compiled.set(key, program)
  return program
}

export async function writeSmallService(service: SmallService): Promise<void> {
  const { path, port, platforms = ['linux/amd64'], files = {}, source = answering } = service
  const image = await testImage(
    platforms.map((platform) => {
      const machine = parsePlatform(platform).architecture as Machine
      const program = { content: programOf(machine, source), mode: 0o755 }
      return {
        platform,
        layers: [{ service: program, ...files }],
        config: { Entrypoint: ['/service', `${port}`] },
      }
    }),
  )
  const stores = openStores({})
  const writer = await openWriter({ transport: 'oci', path }, stores, { signal })
  await copyImage(image, writer, { signal })
  await writer.close()
  await stores.close()
}

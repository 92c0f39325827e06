/** Certificates of a made-up authority, by the `openssl` of this machine. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** A file with its certificate, as `NODE_EXTRA_CA_CERTS` takes it. */
  readonly file: string;
  /** @param names as in `subjectAltName`. @param from,to days from now, the past is negative */
  issue(wish: { readonly names: string; readonly from: number; readonly to: number }): Promise<Certificate>;
  /** One that vouches for itself. */
  selfSigned(names: string): Promise<Certificate>;
  remove(): Promise<void>;
}

const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const openssl = async (words: readonly string[]): Promise<void> => {
  await promisify(execFile)("openssl", [...words]);
};

export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-authority-"));
  const at = (name: string): string => join(folder, name);
  const files = ["-keyout", at("ca.key"), "-out", at("ca.pem")];
  await openssl(["req", "-x509", ...CURVE, "-days", "400", "-subj", "/CN=Nobody's Authority", ...files]);
  await writeFile(at("index.txt"), "");
  await writeFile(at("ca.cnf"), configuration(folder));
  const read = async (name: string): Promise<Certificate> => ({
    key: await readFile(at(`${name}.key`), "utf8"),
    cert: await readFile(at(`${name}.pem`), "utf8"),
  });
  let issued = 0;
  return {
    file: at("ca.pem"),
    async issue({ names, from, to }) {
      const name = `leaf-${(issued += 1)}`;
      const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=${names}`];
      await openssl(["req", ...CURVE, ...subject, "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`)]);
      const dates = ["-startdate", dayFrom(from), "-enddate", dayFrom(to)];
      const inOut = ["-in", at(`${name}.csr`), "-out", at(`${name}.pem`)];
      await openssl(["ca", "-batch", "-notext", "-config", at("ca.cnf"), ...dates, ...inOut]);
      return read(name);
    },
    async selfSigned(names) {
      const subject = ["-subj", "/CN=localhost", "-addext", `subjectAltName=${names}`];
      await openssl([
        "req",
        "-x509",
        ...CURVE,
        "-days",
        "2",
        ...subject,
        "-keyout",
        at("self.key"),
        "-out",
        at("self.pem"),
      ]);
      return read("self");
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** As `openssl ca` takes a time: 20261124102233Z. */
function dayFrom(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, "");
}

function configuration(folder: string): string {
  return `[ca]
default_ca = one
[one]
new_certs_dir = ${folder}
database = ${join(folder, "index.txt")}
rand_serial = yes
certificate = ${join(folder, "ca.pem")}
private_key = ${join(folder, "ca.key")}
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
`;
}

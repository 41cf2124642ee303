/** The user that an image's `User` names, looked up in the image's own /etc/passwd and /etc/group. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SmokeError } from '../../smoke-error.ts'

export interface ImageUser {
  uid: number
  gid: number
  home: string
}

/** `user`, `uid`, `user:group`, `uid:gid`; root when the text is empty. Throws `SmokeError` `IMAGE_UNUSABLE`. */
export async function findUser(root: string, text = ''): Promise<ImageUser> {
  const [name = '', group] = text.split(':')
  const users = await table(join(root, 'etc/passwd'))
  const wanted = name === '' ? '0' : name
  const entry = users.find(([login, , uid]) => login === wanted || uid === wanted)
  const uid = entry ? Number(entry[2]) : numeric(wanted, text)
  const gid = group === undefined ? Number(entry?.[3] ?? 0) : await groupId(root, group, text)
  return { uid, gid, home: entry?.[5] ?? '/' }
}

async function groupId(root: string, group: string, text: string): Promise<number> {
  const entry = (await table(join(root, 'etc/group'))).find(
    ([name, , gid]) => name === group || gid === group,
  )
  return entry ? Number(entry[2]) : numeric(group, text)
}

function numeric(name: string, text: string): number {
  if (/^\d{1,10}$/.test(name)) return Number(name)
  throw new SmokeError('IMAGE_UNUSABLE', `the image's user ${text} is not in its /etc/passwd or /etc/group`, {
    kind: 'gate',
    hint: 'make the user in the image, or give its number',
  })
}

async function table(path: string): Promise<string[][]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').map((line) => line.split(':'))
}

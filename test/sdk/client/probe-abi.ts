/**
 * The ABI of the fixture contract `probe`, as `hermetic build` writes it. A test compares the two.
 *
 * @module
 */
export const probeAbi = {
  abi: 1,
  contract: "Probe",
  methods: [
    {
      name: "open",
      kind: "init",
      inputs: [],
      output: null,
    },
    {
      name: "add",
      kind: "command",
      inputs: [
        {
          name: "amount",
          type: "u64",
        },
      ],
      output: "u64",
    },
    {
      name: "grindInto",
      kind: "command",
      inputs: [{ name: "rounds", type: "u32" }],
      output: "u64",
    },
    {
      name: "announce",
      kind: "command",
      inputs: [],
      output: null,
    },
    {
      name: "addAtMost",
      kind: "command",
      inputs: [
        {
          name: "amount",
          type: "u64",
        },
        {
          name: "most",
          type: "u64",
        },
      ],
      output: "u64",
    },
    {
      name: "note",
      kind: "command",
      inputs: [
        {
          name: "from",
          type: "u32",
        },
        {
          name: "count",
          type: "u32",
        },
        {
          name: "size",
          type: "u32",
        },
      ],
      output: null,
    },
    {
      name: "forget",
      kind: "command",
      inputs: [
        {
          name: "from",
          type: "u32",
        },
        {
          name: "count",
          type: "u32",
        },
      ],
      output: null,
    },
    {
      name: "stop",
      kind: "command",
      doc: "Writes, then stops in one of the ways a contract should not.",
      inputs: [
        {
          name: "how",
          type: "u32",
        },
      ],
      output: null,
    },
    {
      name: "roll",
      kind: "command",
      inputs: [],
      output: "bytes",
    },
    {
      name: "stamp",
      kind: "command",
      inputs: [],
      output: "u64",
    },
    {
      name: "mark",
      kind: "command",
      inputs: [],
      output: "u64",
    },
    {
      name: "keep",
      kind: "command",
      doc: "The same work, events and logs whatever the secret is.",
      inputs: [
        {
          name: "secret",
          type: "bytes",
        },
      ],
      output: "bytes",
    },
    {
      name: "grind",
      kind: "query",
      doc: "Takes as long as it is told.",
      inputs: [{ name: "rounds", type: "u32" }],
      output: "u64",
    },
    {
      name: "peek",
      kind: "query",
      inputs: [],
      output: "u64",
    },
    {
      name: "noteAt",
      kind: "query",
      inputs: [
        {
          name: "index",
          type: "u32",
        },
      ],
      output: {
        option: "bytes",
      },
    },
    {
      name: "who",
      kind: "query",
      inputs: [],
      output: "account",
    },
    {
      name: "when",
      kind: "query",
      inputs: [],
      output: "u64",
    },
    {
      name: "where",
      kind: "query",
      inputs: [],
      output: "u64",
    },
    {
      name: "dice",
      kind: "query",
      inputs: [],
      output: "bytes",
    },
    {
      name: "secret",
      kind: "query",
      inputs: [
        {
          name: "name",
          type: "string",
        },
      ],
      output: {
        option: "string",
      },
    },
  ],
  types: [],
  events: [
    {
      name: "Added",
      fields: [
        {
          name: "amount",
          type: "u64",
        },
        {
          name: "total",
          type: "u64",
        },
      ],
    },
    {
      name: "Announced",
      fields: [
        {
          name: "total",
          type: "u64",
        },
      ],
      public: true,
    },
  ],
  errors: [
    {
      name: "TooMuch",
      fields: [
        {
          name: "most",
          type: "u64",
        },
      ],
    },
  ],
  state: [
    {
      name: "owner",
      kind: "cell",
      type: "account",
    },
    {
      name: "total",
      kind: "cell",
      type: "u64",
    },
    {
      name: "seen",
      kind: "cell",
      type: "u64",
    },
    {
      name: "notes",
      kind: "mapping",
      key: "u32",
      type: "bytes",
    },
  ],
} as const;

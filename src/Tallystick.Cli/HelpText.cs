using Tallystick.Cli.Sentences;

namespace Tallystick.Cli;

/// <summary>What the program says about itself.</summary>
internal static class HelpText
{
    public const string Short = """
        Tallystick: who owes whom, in two books that always match.

          tallystick demo                   see Alice and Bob pay each other, then play Alice
          tallystick up --name alice --listen 5000 --peer bob=192.0.2.7:5001
                                            your own node, with its shell
          tallystick help                   everything else
        """;

    public static string Full => $"""
        Tallystick: who owes whom, in two books that always match.

          tallystick demo [--fresh]         Alice and Bob on this computer: watch, then play Alice
          tallystick demo alice|bob         the same in two terminals; also: start:alice, start:bob
          tallystick demo --peers 10        ten nodes here, every two of them peers, all paying all
          tallystick up                     your own node with its shell
          tallystick 5000 5001 localhost    the same in short: local port, remote port, remote host
          tallystick demo NAME --relay HOST the same over a relay, with as many as you like
          tallystick relay [--listen PORT]  joins those who cannot be dialled (7000); also: hub
          tallystick rooms [--web PORT]     rooms in the browser, for two people without a node
          tallystick key passphrase [none]  sets, changes or removes what protects your key file
          tallystick invite, join LINK      become peers with somebody; starts your node if none runs
          tallystick COMMAND                one command against your running node, such as: tallystick pay bob 10

        Commands, here and in the shell:
        {Indented(UsageSentences.Help)}

        Flags, anywhere; each is also an environment variable (TALLYSTICK_NAME, TALLYSTICK_LISTEN, ...):
          --name NAME              what your node is called, or which running node is meant
          --data DIR               where its book is kept (by default a folder per name in your data folder)
          --temp                   keep nothing after exit
          --listen [HOST:]PORT|off where peers reach you (5000)
          --reach HOST:PORT        where else peers reach you: a name, or your router; may be repeated
          --peer [NAME=]HOST:PORT  somebody to connect to; may be repeated
          --relay HOST[:PORT]      a relay where others can call you (7000); may be repeated
          --asset CODE/SCALE       what you count, such as EUR/2 (credits/2); may be repeated
          --web [HOST:]PORT|off    the port of your pages in the browser (a free one on loopback, remembered)
          --rooms                  your node serves rooms, too
          --public-url URL         where a proxy serves your pages to others, such as https://tally.example
          --headless               no shell
          --offline                call nobody and be called by nobody, to look into a book
          --hidden                 do not look at the local network, and do not be seen there
          --passphrase-file FILE   the passphrase of the key file, if it has one; else it is asked for
          --node URL               one command: the node's API
          --fresh                  the demo: begin at 0.00
          --wait                   one command: wait until a payment is delivered
          --json                   one command: answer as JSON
          --plain                  no emoji and no colour; NO_COLOR works too
          --debug                  details and stack traces on standard error
          --version, --help

        Exit codes: 0 done, 1 refused, 2 not understood, 3 no node reached, 4 outcome unknown.
        """;

    private static string Indented(string text) => "  " + text.ReplaceLineEndings("\n  ");
}

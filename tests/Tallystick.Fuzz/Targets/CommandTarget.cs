using System.Text;
using Tallystick.Cli.Commands;
using Tallystick.Cli.Flags;

namespace Tallystick.Fuzz.Targets;

/// <summary>What a person types: a line of the shell, and the same split into arguments with flags.</summary>
/// <remarks>A refusal is a sentence that can be printed: nothing in it moves the cursor or changes colours.</remarks>
internal sealed class CommandTarget : Target
{
    private static readonly string[] Words =
    [
        "pay", "bob", "10", "10.50", "0", "-5", "for", "lunch", "EUR", "credits", "balance", "history", "limit", "none",
        "peers", "add", "accept", "remove", "rename", "cancel", "verify", "whoami", "help", "exit", "to", "--name",
        "--data", "--temp", "--listen", "--peer", "--asset", "--web", "--node", "--json", "--plain", "--wait",
        "--debug", "--headless", "--fresh", "--help", "--version", "up", "demo", "5000", "127.0.0.1:5000", "[::1]:5",
        "off", "bob=127.0.0.1:5001", "EUR/2", "\"", "'", "\u201c", "\u001b[2J", "\u202e", "\u0000", "@bob", "=", "--",
        "99999999999999999999", "1e9", "1,000", "NaN", "\u0663", "\ud83d\ude00",
    ];

    public override string Name => "command";

    public override IReadOnlyList<byte[]> Tokens { get; } =
        [.. Words.Select(word => Encoding.UTF8.GetBytes($" {word} "))];

    public override int MaxLength => 600;

    public override long MostAllocated(int length) => 4 * 1024 * 1024 + 4096L * length;

    public override IEnumerable<byte[]> Seeds() => Words.Select(Encoding.UTF8.GetBytes);

    public override byte[] Generate(Random random) => Encoding.UTF8.GetBytes(
        string.Join(' ', Enumerable.Range(0, random.Next(1, 8)).Select(_ => Words[random.Next(Words.Length)])));

    public override string Run(byte[] input)
    {
        // Not only what UTF-8 can say: an argument may hold half of a character.
        var text = input.Length > 0 && input[0] == 0xff
            ? string.Concat(input.Skip(1).Chunk(2).Select(two => (char)(two[0] << 8 | two[^1])))
            : Encoding.UTF8.GetString(input);
        var arguments = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var typed = Look(Grammar.Read(text));
        var given = Look(Grammar.Read(arguments));
        var flags = OrRefused(() =>
        {
            var (found, words) = CommandLine.Parse(arguments, _ => null);
            _ = NodeSettings.ForUp(found);
            if (words.Count > 0)
                _ = NodeSettings.ForPorts(found, words);
        });
        return $"{typed} {given} {flags}";
    }

    private static string Look(Reading reading)
    {
        if (reading is not Reading.NotUnderstood(var message, _))
            return reading is Reading.Understood(var command) ? command.GetType().Name : "blank";
        CheckSentence(message);
        return "not understood";
    }

    private static string OrRefused(Action read)
    {
        try
        {
            read();
            return "flags";
        }
        catch (UsageException refused)
        {
            // Refused flags hold what was typed; it is made harmless where it is printed.
            foreach (var line in Execution.Failed(ExitCodes.Usage, Execution.UsageProblem(refused.Message)).Lines)
                CheckSentence(line);
            return "usage";
        }
    }

    private static void CheckSentence(string sentence)
    {
        if (string.IsNullOrWhiteSpace(sentence))
            throw new FindingException("The refusal says nothing.");
        if (sentence.Any(c => char.IsControl(c) && c != '\n'))
            throw new FindingException($"The refusal holds control characters: {Uri.EscapeDataString(sentence)}");
    }
}

using Tallystick.Cli.Commands;
using Tallystick.Cli.Flags;
using Tallystick.Node.Identity;

namespace Tallystick.Cli.Running;

/// <summary>
/// <c>key passphrase [none]</c>: what protects the key file of a node, whether it runs or not. It is no command of the
/// shell, because a passphrase is nothing for a line that is shown and remembered.
/// </summary>
internal static class KeyCommand
{
    public static async Task<int> RunAsync(GivenFlags flags, IReadOnlyList<string> words)
    {
        if (words.Count is < 2 or > 3 || !Is(words[1], "passphrase") || words.Count == 3 && !Is(words[2], "none"))
        {
            throw new UsageException(
                "A key's passphrase is set or changed with: tallystick key passphrase, "
                + "and removed with: tallystick key passphrase none");
        }
        using var stop = new StopSignals();
        return await OneNode.UntilStoppedAsync(stop, () => Task.FromResult(
            Change(flags, removes: words.Count == 3, stop.Token)));
    }

    private static int Change(GivenFlags flags, bool removes, CancellationToken stop)
    {
        if (flags.Temp)
            throw new UsageException("A node that keeps nothing has no key to protect; leave out --temp.");
        var folder = NodeSettings.ForUp(flags).DataFolder;
        KeyProtection.Change(
            folder,
            Passphrases.Given(flags),
            Passphrases.Asker,
            () => removes ? null : Passphrases.GivenNew(flags) ?? Passphrases.AskNew(stop),
            stop);
        var file = Path.Combine(folder, "key");
        var done = removes
            ? $"{file} has no passphrase any more."
            : $"{file} has the new passphrase, from the next start on. Older copies of the file keep what they had.";
        Console.Out.WriteLine(flags.Json ? Execution.Quoted(done) : done);
        return ExitCodes.Ok;
    }

    private static bool Is(string word, string what) => word.Equals(what, StringComparison.OrdinalIgnoreCase);
}

using System.Text;
using Tallystick.Cli.Flags;
using Tallystick.Cli.Shell;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;

namespace Tallystick.Cli.Running;

/// <summary>Where passphrases come from: a file, the environment, or whoever sits at the terminal.</summary>
internal static class Passphrases
{
    private const string Variable = "TALLYSTICK_PASSPHRASE";
    private const string NewVariable = "TALLYSTICK_NEW_PASSPHRASE";
    private static string? Taken;
    private static string? TakenNew;

    /// <summary>
    /// Takes them out of the environment, before anything is started that would inherit them.
    /// </summary>
    public static void TakeFromEnvironment() => (Taken, TakenNew) = (Take(Variable), Take(NewVariable));

    /// <summary>How the key of a node is to be opened.</summary>
    public static NodeOptions AddTo(NodeOptions options, GivenFlags flags) =>
        options with { Passphrase = Given(flags), AskPassphrase = Asker };

    /// <summary>The current one, if it was given beforehand.</summary>
    public static Passphrase? Given(GivenFlags flags) =>
        From(flags.PassphraseFile, "--passphrase-file", Taken, Variable);

    /// <summary>The new one, if it was given beforehand.</summary>
    public static Passphrase? GivenNew(GivenFlags flags) =>
        From(flags.NewPassphraseFile, "--new-passphrase-file", TakenNew, NewVariable);

    /// <summary>Asks for the current one; null when there is no terminal.</summary>
    public static Func<CancellationToken, Passphrase?>? Asker => HiddenLine.CanAsk ? Ask : null;

    /// <summary>Asks twice for a new one.</summary>
    /// <exception cref="UsageException">There is no terminal, it is none, or the two differ.</exception>
    public static Passphrase AskNew(CancellationToken cancel)
    {
        if (!HiddenLine.CanAsk)
            throw new UsageException("Give the new passphrase with --new-passphrase-file FILE, or on a terminal.");
        var text = HiddenLine.Ask("New passphrase: ", cancel) ?? string.Empty;
        if (!Passphrase.TryCreate(text, out var passphrase))
            throw new UsageException(Unusable("That") + " To have none, type: tallystick key passphrase none");
        if (HiddenLine.Ask("Once more: ", cancel) != text)
            throw new UsageException("The two differ, so nothing was changed.");
        return passphrase!;
    }

    private static Passphrase? Ask(CancellationToken cancel) =>
        Passphrase.TryCreate(HiddenLine.Ask("Passphrase: ", cancel) ?? string.Empty, out var passphrase)
            ? passphrase
            : null;

    private static string? Take(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return value is { Length: > 0 } ? value : null;
    }

    private static Passphrase? From(string? file, string flag, string? variable, string name)
    {
        if (file is null && variable is null)
            return null;
        var (text, where) = file is null ? (variable!, name) : (FirstLineOf(file, flag), $"{flag} {file}");
        return Passphrase.TryCreate(text, out var passphrase) ? passphrase : throw new UsageException(Unusable(where));
    }

    private static string FirstLineOf(string file, string flag)
    {
        try
        {
            // A pipe will do as well, so only as much is read as a passphrase can have.
            using var stream = File.OpenRead(file);
            var bytes = new byte[Passphrase.MaxBytes + 2];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var text = Encoding.UTF8.GetString(bytes, 0, count);
            return text.Split('\n')[0].TrimEnd('\r');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageException($"{flag}: {e.Message.TrimEnd('.')}.");
        }
    }

    private static string Unusable(string what) =>
        $"{what} holds no passphrase: it is one line of 1 to {Passphrase.MaxBytes} bytes.";
}

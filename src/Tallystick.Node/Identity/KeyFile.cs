using System.Security.Cryptography;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Identity;

/// <summary>How a key file that has a passphrase is opened.</summary>
/// <param name="Given">One that was given beforehand. A key that is made now gets it.</param>
/// <param name="Ask">Asks the person for it; null when there is nobody to ask. Null from it: no answer.</param>
internal sealed record KeyAccess(Passphrase? Given = null, Func<CancellationToken, Passphrase?>? Ask = null);

/// <summary>The file <c>key</c> in the data folder, for its owner's eyes only.</summary>
internal static class KeyFile
{
    private const string Name = "key";
    private const string Aside = ".new";
    private const int MaxBytes = 8_192;

    public static bool IsIn(string dataFolder) => File.Exists(PathIn(dataFolder));

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, Name);

    /// <exception cref="CannotStartException">One sentence; the file is as it was.</exception>
    public static NodeIdentity LoadOrCreate(string dataFolder, KeyAccess access, CancellationToken cancel)
    {
        var path = PathIn(dataFolder);
        return Guarded(path, () =>
        {
            if (!File.Exists(path))
                Create(path, access.Given);
            return new NodeIdentity(Open(path, access, cancel));
        });
    }

    /// <summary>Replaces the passphrase of a key file, sets the first or removes the last.</summary>
    /// <param name="access">How it is opened as it is now.</param>
    /// <param name="fresh">The new passphrase, or null for none; asked for when the file is open.</param>
    /// <exception cref="CannotStartException">One sentence; the file is as it was.</exception>
    public static void Protect(
        string dataFolder, KeyAccess access, Func<Passphrase?> fresh, CancellationToken cancel)
    {
        var path = PathIn(dataFolder);
        Guarded(path, () =>
        {
            var key = Open(path, access, cancel);
            var passphrase = fresh();
            var text = KeyText.Write(key, passphrase);
            // Whoever types on a broken keyboard keeps the old file.
            if (!KeyText.Read(text, passphrase).D.AsSpan().SequenceEqual(key.D))
                throw new CryptographicException("What was written is not what was read.");
            PrivateFile.Replace(path, NewAside(path), text);
            // A crash in the middle of an earlier change may have left a copy with another passphrase, or none.
            foreach (var left in Directory.EnumerateFiles(dataFolder, $"{Name}.*{Aside}"))
                File.Delete(left);
            return 0;
        });
    }

    private static ECParameters Open(string path, KeyAccess access, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new CryptographicException("The file is too large for a key.");
        PrivateFile.CloseIfWider(path);
        var text = File.ReadAllText(path);
        if (!KeyText.IsEncrypted(text))
        {
            return access.Given is null
                ? KeyText.Read(text, passphrase: null)
                : throw new CannotStartException(
                    $"A passphrase was given, but the key file {path} has none: leave it out, "
                    + "or set it with: tallystick key passphrase.");
        }
        var passphrase = access.Given ?? access.Ask?.Invoke(cancel) ?? throw new CannotStartException(
            $"The key file {path} has a passphrase: start on a terminal and type it, "
            + "or give it with --passphrase-file FILE.");
        try
        {
            return KeyText.Read(text, passphrase);
        }
        catch (CryptographicException e)
        {
            throw new CannotStartException($"That passphrase does not open the key file {path}.", e);
        }
    }

    /// <summary>
    /// Complete or absent: written aside, flushed, then renamed, and the folder flushed, so no book outlives its key.
    /// </summary>
    private static void Create(string path, Passphrase? passphrase)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = KeyText.Write(key.ExportParameters(includePrivateParameters: true), passphrase);
        try
        {
            PrivateFile.Replace(path, NewAside(path), text, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its key is the key.
        }
    }

    private static string NewAside(string path) => $"{path}.{Guid.NewGuid():N}{Aside}";

    private static T Guarded<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException(
                $"The key file {path} cannot be read or written; check its owner and permissions, and the disk.", e);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or NotSupportedException)
        {
            throw new CannotStartException(
                $"The key file {path} holds no P-256 key; put back a copy, or name another data folder.", e);
        }
    }
}

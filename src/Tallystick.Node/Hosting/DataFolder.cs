using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Tallystick.Node.Hosting;

/// <summary>The folder of one node: key, book, token and the lock that keeps a second node out.</summary>
internal sealed class DataFolder : IDisposable
{
    public const string TokenFile = "token";
    private const string WebPortFile = "web-port";
    private const int TokenBytes = 32;
    private readonly FileStream held;
    private readonly bool temporary;

    private DataFolder(string path, FileStream held, bool temporary, string token)
    {
        (Path, this.held, this.temporary, Token) = (path, held, temporary, token);
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>What whoever may use the API shows: 32 random bytes in base64url.</summary>
    public string Token { get; }

    /// <summary>Takes the folder for this node.</summary>
    /// <exception cref="CannotStartException">It cannot be used, or a node uses it already.</exception>
    public static DataFolder Open(string folder, bool temporary)
    {
        var path = System.IO.Path.GetFullPath(folder);
        try
        {
            return OpenFull(path, temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException(
                $"The data folder {path} cannot be used ({e.Message.TrimEnd('.')}); choose another with --data.", e);
        }
    }

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>The TCP port of the API that was chosen before, or null.</summary>
    public int? RememberedWebPort =>
        File.Exists(PathOf(WebPortFile))
        && int.TryParse(
            File.ReadAllText(PathOf(WebPortFile)), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and <= ushort.MaxValue
            ? port
            : null;

    /// <summary>Remembers the TCP port of the API, so that bookmarks stay good.</summary>
    public void RememberWebPort(int port) => PrivateFile.Write(PathOf(WebPortFile), port.ToString());

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            RunningNodes.Erase(Path);
            if (temporary)
                Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Leaving is not stopped by a file that stays behind: the free lock says that nobody is here.
        }
        held.Dispose();
    }

    private static DataFolder OpenFull(string path, bool temporary)
    {
        PrivateFile.CreateFolder(path);
        // A folder of somebody else's things keeps its mode; the secrets in it have their own.
        var empty = !Directory.EnumerateFileSystemEntries(path).Any();
        if (empty)
            PrivateFile.Close(path, PrivateFile.FolderMode);
        var taken = FolderLock.TryTake(path) ?? throw new CannotStartException(AlreadyUsed(path));
        try
        {
            RunningNodes.Erase(path);
            // Never delete what was there before.
            var token = ReadOrMakeToken(System.IO.Path.Combine(path, TokenFile));
            return new DataFolder(path, taken, temporary && empty, token);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private static string AlreadyUsed(string path)
    {
        var who = RunningNodes.Read(path) is { } node ? $"{node.Name}, process {node.Pid}" : "another node";
        return $"The data folder {path} is in use by {who}; stop it first or choose another folder with --data.";
    }

    private static string ReadOrMakeToken(string file)
    {
        if (File.Exists(file) && File.ReadAllText(file).Trim() is var kept && IsToken(kept))
        {
            PrivateFile.CloseIfWider(file);
            return kept;
        }
        var made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        PrivateFile.Write(file, made);
        return made;
    }

    private static bool IsToken(string text) => Base64Url.IsValid(text, out var length) && length == TokenBytes;
}

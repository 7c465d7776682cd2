using System.Net.Sockets;
using System.Text;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Hosting;

/// <summary>Where the API's Unix domain socket is, and how it is bound so that only its owner may connect.</summary>
internal static class ApiSocket
{
    // A socket's path has 104 bytes on the narrowest system; a few are left for the terminator.
    private const int MaxPathBytes = 100;
    private const string FileName = "api.sock";

    /// <summary>The path for a data folder: in it, or in a private temporary one when that is too long.</summary>
    public static string PathFor(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (Encoding.UTF8.GetByteCount(path) <= MaxPathBytes)
            return path;
        var name = "tallystick-" + Hash.Of(Encoding.UTF8.GetBytes(dataFolder)).ToString()[..24];
        var folder = Path.Combine(Path.GetTempPath(), name);
        if (Encoding.UTF8.GetByteCount(Path.Combine(folder, FileName)) > MaxPathBytes)
            folder = Path.Combine("/tmp", name);
        return Path.Combine(folder, FileName);
    }

    /// <summary>Binds the socket, in place of what a node that died left there. The lock is held by now.</summary>
    /// <exception cref="CannotStartException">The path cannot be used.</exception>
    public static Socket Bind(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            PrivateFile.CreateFolder(folder);
            if (Path.GetFileName(folder).StartsWith("tallystick-", StringComparison.Ordinal))
                ClaimTemporary(folder);
            File.Delete(path);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before the socket listens, and by then the mode is right.
            PrivateFile.Close(path, PrivateFile.FileMode);
            return socket;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            throw new CannotStartException(
                $"The local socket {path} cannot be made ({e.Message.TrimEnd('.')}); choose another with --data.",
                e);
        }
    }

    /// <summary>Removes the socket, and its folder when that was made for it alone.</summary>
    public static void Remove(string path, string dataFolder)
    {
        try
        {
            File.Delete(path);
            var folder = Path.GetDirectoryName(path)!;
            if (!string.Equals(folder, dataFolder, StringComparison.Ordinal))
                Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody tidied up first; the next node on this folder looks again.
        }
    }

    // Somebody else may have made the folder first: then its mode cannot be set, or it is a link elsewhere.
    private static void ClaimTemporary(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null)
            throw new IOException($"{folder} is a link");
        PrivateFile.Close(folder, PrivateFile.FolderMode);
    }
}

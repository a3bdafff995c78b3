%tensorflow_version 2.x
!pip install -q numpy
!wget https://example.org/data.zip
import google.colab
from google.colab import auth, drive, files, userdata
from google.colab.patches import cv2_imshow

auth.authenticate_user()
drive.mount("/content/drive", force_remount=True)
uploaded = files.upload()
for name in uploaded.keys():
    print(name)
userdata.get("KEY")
%cd /content
with open("/content/notes.txt", "w") as file:
    file.write("notes")
assert open("/content/notes.txt").read() == "notes"


def double(x):
    return np.asarray(x) * 2.0


files.download("/content/notes.txt")
